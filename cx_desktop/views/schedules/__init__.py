"""Opening hours on screen: the week, public holidays, exceptional dates, the calendar."""
