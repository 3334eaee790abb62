"""Sign-in with two factors, devices, tokens, step-up, invitations."""
