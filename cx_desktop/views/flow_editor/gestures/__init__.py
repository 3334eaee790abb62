"""What a user does with the mouse: one class per gesture."""
