"""Who sits at this computer: sign-in, device key, vault, keyring, lease, profiles."""
