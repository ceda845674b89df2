// Plays the two voices that are drawn, from the paths of the drawing: a head is M<x> <y>h<width>, and the data
// attributes of the drawing say how wide a sixteenth note is and where the highest pitch lies. Begins only when
// the button is pressed; a second press, the end, and leaving the page stop it. Without script there is no button.
"use strict";
(() => {
  const SIXTEENTH = 0.2; // seconds
  const HEAD = /M([\d.]+) ([\d.]+)h([\d.]+)/g;
  const button = document.querySelector(".voices-play");
  if (!button || !window.AudioContext) return;
  const drawing = button.closest("figure").querySelector("svg");
  const [sixteenth, gap, semitone, middle, top] = ["sixteenth", "gap", "semitone", "middle", "top"].map((name) =>
    Number(drawing.dataset[name]),
  );
  const notesOf = (path) =>
    [...path.getAttribute("d").matchAll(HEAD)].map(([, x, y, width]) => ({
      begin: ((x - gap) / sixteenth) * SIXTEENTH,
      length: ((Number(width) + 2 * gap) / sixteenth) * SIXTEENTH,
      pitch: top - (y - middle) / semitone,
    }));
  let audio = null;

  const stop = () => {
    if (audio) audio.close();
    audio = null;
    button.setAttribute("aria-pressed", "false");
  };

  // One note: a plucked tone that fades while it is held.
  const sound = (note, output, start) => {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    const [begin, end] = [start + note.begin, start + note.begin + note.length];
    tone.type = "triangle";
    tone.frequency.value = 440 * 2 ** ((note.pitch - 69) / 12);
    volume.gain.setValueAtTime(0, begin);
    volume.gain.linearRampToValueAtTime(0.3, begin + 0.01);
    volume.gain.setTargetAtTime(0.1, begin + 0.01, 0.25);
    volume.gain.setTargetAtTime(0, end - 0.03, 0.03);
    tone.connect(volume).connect(output);
    tone.start(begin);
    tone.stop(end + 0.2);
    return tone;
  };

  const play = () => {
    audio = new AudioContext();
    const start = audio.currentTime + 0.1;
    let last = null;
    for (const [name, side] of [["one", 0.35], ["two", -0.35]]) {
      const output = audio.createStereoPanner();
      output.pan.value = side;
      output.connect(audio.destination);
      for (const note of notesOf(drawing.querySelector(`.${name}`))) {
        const tone = sound(note, output, start);
        if (!last || note.begin + note.length > last.end) last = { tone, end: note.begin + note.length };
      }
    }
    if (!last) return stop();
    const playing = audio;
    last.tone.addEventListener("ended", () => {
      if (audio === playing) stop();
    });
    button.setAttribute("aria-pressed", "true");
  };

  button.addEventListener("click", () => (audio ? stop() : play()));
  window.addEventListener("pagehide", stop);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) stop();
  });
  button.hidden = false;
})();
