"""Which cells, or statements, of a notebook another one needs, so that a part of a lesson can be run by itself."""

import ast
import symtable
from collections.abc import Iterable, Sequence
from pathlib import Path

HELPERS = {path.stem for path in (Path(__file__).parent.parent / "helpers").rglob("*.py")}
CHANGE_NOTHING = {"print"} | HELPERS - {"training", "numpy_training"}  # as the root of a bare call
_IMPORTS = ast.Import | ast.ImportFrom
_ALWAYS_BIND = _IMPORTS | ast.Assign | ast.FunctionDef | ast.ClassDef


def needed(sources: Sequence[str], targets: Iterable[int]) -> list[int]:
    """The positions of `targets` and of every piece of code that they need, in order.

    sources: the code, a cell or a statement each.
    A piece is needed if it binds a name that a needed one after it uses, or if it may change such a name's object:
    assigns to a part of it, or is a bare call of something with it. Drawing, printing and checking change nothing. Too
    much may be kept; too little only where a function that is called for its result changes something on the side.
    """
    trees = [ast.parse(source) for source in sources]
    modules = set().union(*(_bound(node) for tree in trees for node in tree.body if isinstance(node, _IMPORTS)))
    reach = _reach(trees)
    kept = set(targets)
    wanted: set[str] = set()
    for position in range(max(kept), -1, -1):
        tree = trees[position]
        if position in kept or (_bound(tree) | _closure(_changed(tree), reach) - modules | _state(tree)) & wanted:
            kept.add(position)
            # What the piece binds whatever happens, no earlier one has to.
            wanted -= set().union(*(_bound(node) for node in tree.body if isinstance(node, _ALWAYS_BIND)))
            wanted |= _closure(_used(sources[position]), reach)
    return sorted(kept)


def _reach(trees: Iterable[ast.Module]) -> dict[str, set[str]]:
    """What each name may lead to: the globals that its function uses, or all that its object was made from."""
    reach: dict[str, set[str]] = {}
    for node in (node for tree in trees for node in tree.body):
        if isinstance(node, ast.Assign | ast.FunctionDef | ast.ClassDef):
            for name in _bound(node):
                reach.setdefault(name, set()).update(_used(ast.unparse(node)))
    return reach


def _closure(names: set[str], reach: dict[str, set[str]]) -> set[str]:
    """The names and all that they lead to, directly or not."""
    found, new = set(), set(names)
    while new:
        found |= new
        new = set().union(*(reach.get(name, set()) for name in new)) - found
    return found


def _used(source: str) -> set[str]:
    """Global names that the code reads, inside its functions too."""
    # A symbol table does not count `name += 1` as reading the name.
    added_to = {_root(node.target) for node in _top_level(ast.parse(source)) if isinstance(node, ast.AugAssign)}
    return _read(symtable.symtable(source, "cell", "exec")) | added_to - {""}


def _read(table: symtable.SymbolTable) -> set[str]:
    inside = table.get_type() != "module"
    names = {
        each.get_name() for each in table.get_symbols() if each.is_referenced() and (each.is_global() or not inside)
    }
    return names.union(*map(_read, table.get_children()))


def _bound(tree: ast.AST) -> set[str]:
    """Names that running the cell binds at its top level."""
    names = set()
    for node in (tree, *_top_level(tree)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, _IMPORTS):
            names |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
    return names


def _changed(tree: ast.AST) -> set[str]:
    """Names whose objects the code may change where they are."""
    names = set()
    for node in _top_level(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and _root(node.value) not in CHANGE_NOTHING:
            names |= _used(ast.unparse(node))
        elif isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store):
            names.add(_root(node))
        elif isinstance(node, ast.AugAssign):
            names.add(_root(node.target))
    return names - {""}


def _state(tree: ast.AST) -> set[str]:
    """Libraries that are told something, as in tf.keras.utils.set_random_seed(1)."""
    calls = [node.value for node in _top_level(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)]
    return {_root(call) for call in calls} - CHANGE_NOTHING - HELPERS


def _top_level(tree: ast.AST) -> Iterable[ast.AST]:
    """Every node below this one but those inside functions and classes."""
    if isinstance(tree, ast.FunctionDef | ast.ClassDef | ast.Lambda):
        return
    for node in ast.iter_child_nodes(tree):
        yield node
        yield from _top_level(node)


def _root(node: ast.AST) -> str:
    """The name that `name.part[0].other` starts from."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""
