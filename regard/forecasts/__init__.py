"""What is shown and handed on of forecasts that were compared with a result."""
