"""What the demo is told with: people who do not exist, what they wrote, and what a year offers."""
