"""« Modifications à envoyer »."""
