"""The inspector: what is selected, as a form made from the declarations of the kinds."""
