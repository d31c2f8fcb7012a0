"""What carries out effects: functions, bots, invitations."""
