"""The cockpit in a web page: served on this machine alone, a process of its own for every visitor."""
