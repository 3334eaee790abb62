"""What flows, schedules, prompts and queues have in common on this device: drafts and versions."""
