"""The map: canvas, layers, labels and drawing tools. The window uses `canvas.MapCanvas`."""
