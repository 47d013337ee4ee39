@echo off
rem Starts a lesson again, and keeps the old one: fresh.cmd 03
cd /d "%~dp0" && (if not defined LESSONS_WORK set "LESSONS_WORK=%cd%\work") && .venv\Scripts\python -m tools.own_copy --fresh "%~1"
