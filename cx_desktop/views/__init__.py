"""What people see: widgets, and nothing else."""
