@echo off
rem Sets the lessons up in this folder, without a network. Written for Windows; it has not been run there yet.
cd /d "%~dp0"
echo Setting up with Python @PYTHON@: some minutes, in which nothing more is said. 2 GB on the disk.
py -@PYTHON@ -m venv --clear .venv || (echo This kit is for Python @PYTHON@: install it from python.org first. & exit /b 1)
.venv\Scripts\python -m pip --isolated --disable-pip-version-check install --quiet --no-index --find-links wheels --require-hashes --requirement requirements.txt || (rmdir /s /q .venv & echo Nothing was set up. If pip says above that a hash does not match, copy the kit anew. & exit /b 1)
echo Ready. Open the lessons, now and later, with start.cmd
