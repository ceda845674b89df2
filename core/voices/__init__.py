"""Pieces for two voices and how a span of their bars is drawn: plain Python, no Django.

``piece`` holds the music (sixteenth notes, MIDI pitches), ``drawing`` its geometry (pixels), without any SVG.
"""
