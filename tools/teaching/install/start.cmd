@echo off
rem Opens the lessons in JupyterLab.
cd /d "%~dp0" && .venv\Scripts\python -m tools.lab %*
