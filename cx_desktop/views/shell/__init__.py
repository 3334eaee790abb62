"""The frame around every page: window, navigation, palette, status bar."""
