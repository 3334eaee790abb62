"""What flows, schedules, prompts and queues have in common on screen: lists, heads, versions."""
