"""Labs: sliders and buttons around training. Empty, or TensorFlow would load with the NumPy lab."""
