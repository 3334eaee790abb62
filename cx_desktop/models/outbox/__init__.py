"""What this device has not sent, or the service has not taken."""
