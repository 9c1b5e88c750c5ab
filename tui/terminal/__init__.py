"""The way from the shell to the screen and back: opening, leaving, hanging up, coming back."""
