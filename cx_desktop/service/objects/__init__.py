"""Projects, flows, revisions and numbers: what may be done to them, by REST and by sync alike."""
