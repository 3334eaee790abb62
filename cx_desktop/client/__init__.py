"""The only HTTP of the program: the service's API as typed calls, its errors translated once."""
