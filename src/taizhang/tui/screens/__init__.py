"""What fills the terminal, one file a screen; loaded when first shown. None may know the app's inside."""
