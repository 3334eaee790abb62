"""Who is at the keyboard: sign-in, device key, vault, lease."""
