"""Output of forecasts that were compared with a result."""
