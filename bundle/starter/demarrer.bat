@echo off
chcp 65001 >nul
where py >nul 2>nul
if errorlevel 1 (set "python=python") else (set "python=py -3")
%python% "%~dp0demarrer.py" %*
set "code=%errorlevel%"
if "%~1"=="" pause
exit /b %code%
