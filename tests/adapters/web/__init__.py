"""Links followed over loopback, with the real connections."""
