"""One account of the system for each learner, so that nobody reads or ends what is another's."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psutil

PREFIX = "learner-"  # the name "root" logs in as learner-root
NOBODY = 65534
MOST_CLASSES = 9  # of one machine, that a learner of one name can be in


@dataclass(frozen=True)
class Account:
    """Where a learner's processes run: the account's numbers and its folder."""

    name: str
    uid: int
    gid: int
    home: Path


def can_have_walls() -> bool:
    """Whether accounts can be made here: by root, on a system that has useradd."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("useradd") is not None


def walled(name: str, homes: Path) -> Account:
    """The account of a learner, made if it is not there; another one where another class has taken its name.

    Raises RuntimeError if more classes than MOST_CLASSES have a learner of this name, or the folder is a link.
    """
    home = homes / name
    if home.is_symlink():  # what it leads to is not the class's to give away
        raise RuntimeError(f"{home} is a link, not a folder: tell your instructor, who can remove it.")
    for number in range(1, MOST_CLASSES + 1):
        account = PREFIX + name + (f"_{number}" if number > 1 else "")  # no learner's name has an underscore
        try:
            found = pwd.getpwnam(account)
        except KeyError:
            command = ["useradd", "--no-log-init", "--no-create-home", "--home-dir", str(home), "--user-group"]
            command += ["--comment", "a class", "--shell", "/bin/sh", account]  # no password: only the hub lets them in
            subprocess.run(command, check=True, capture_output=True)
            found = pwd.getpwnam(account)
        if Path(found.pw_dir) == home:
            home.mkdir(mode=0o700, exist_ok=True)
            if home.stat().st_uid != found.pw_uid:  # new, of a class without walls, or of a course that is over
                _give(home, found.pw_uid, found.pw_gid)
            return Account(account, found.pw_uid, found.pw_gid, home)
    raise RuntimeError(
        f"{MOST_CLASSES} classes on this machine have somebody called {name}: take another name, or remove the "
        "accounts of a course that is over."
    )


def shared(name: str, homes: Path) -> Account:
    """A folder of a learner's own within the account that runs the class: in order, but no wall."""
    home = homes / name
    home.mkdir(mode=0o700, exist_ok=True)
    own = pwd.getpwuid(os.geteuid())
    return Account(own.pw_name, own.pw_uid, own.pw_gid, home)


def of_this_class(homes: Path) -> list[str]:
    """The accounts whose folders are in this class's."""
    return [
        each.pw_name for each in pwd.getpwall() if each.pw_name.startswith(PREFIX) and Path(each.pw_dir).parent == homes
    ]


def remove(homes: Path) -> list[str]:
    """Remove the learners' accounts of this class; their folders stay, and are root's. Return the accounts' names."""
    names = of_this_class(homes)
    for account in names:
        found = pwd.getpwnam(account)
        psutil.wait_procs(end_all_of(found.pw_uid), 10)  # userdel refuses an account that still has one
        subprocess.run(["userdel", account], check=True, capture_output=True)
        _give(Path(found.pw_dir), 0, 0)
    return names


def _give(home: Path, uid: int, gid: int) -> None:
    """Make a folder, and all that is in it, an account's; of a link the link itself, not what it leads to."""
    for folder, folders, files in os.walk(home, topdown=False):
        for name in (*folders, *files):
            os.chown(os.path.join(folder, name), uid, gid, follow_symlinks=False)
    os.chown(home, uid, gid, follow_symlinks=False)


def end_all_of(uid: int) -> list[psutil.Process]:
    """End every process of a learner's account, what was left running in the background too; return them."""
    ended = []
    for process in psutil.process_iter(["uids"]):
        if process.info["uids"] and process.info["uids"].real == uid:
            try:
                process.kill()
                ended.append(process)
            except psutil.NoSuchProcess:
                continue  # it has just ended
    return ended


def barred(path: Path) -> Path | None:
    """The first folder on the way to a path that other accounts may not enter; None if all may."""
    for folder in reversed([path, *path.parents]):
        if folder.is_dir() and not folder.stat().st_mode & 0o001:
            return folder
    return None


def ways_into(python: Path) -> list[Path]:
    """The interpreter and every link that leads to it: a learner has to get through all of them."""
    found = [python]
    while found[-1].is_symlink():
        found.append(found[-1].parent / os.readlink(found[-1]))
    return found
