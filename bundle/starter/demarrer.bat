@echo off
chcp 65001 >nul
where py >nul 2>nul && (py -3 "%~dp0demarrer.py" %*) || (python "%~dp0demarrer.py" %*)
if "%~1"=="" pause
