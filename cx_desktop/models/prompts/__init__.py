"""Prompts on this device: their sounds brought in, kept, heard; what is known around them."""
