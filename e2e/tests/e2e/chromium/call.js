// SPDX-License-Identifier: EUPL-1.2
// A microphone that is a tone, and an ear: put into a page before anybody talks. (hertz, or the error that asking for the microphone
// ends with)
//
// window.ear.tone: the tone of the next microphone; ear.asked: how often one was asked for; ear.unplug(): takes the one there is
// away.
// window.ear.hertz(): the frequency that is heard, once it is steady; window.ear.silence(): once nothing is; ear.kinds(): the kinds of
// ways that are used; ear.open(): the connections and the tracks that are not over.

const [tone] = arguments;

const connections = [];
const tracks = [];
const Connection = window.RTCPeerConnection;
window.RTCPeerConnection = class extends Connection {
  constructor(configuration) {
    super(configuration);
    connections.push(this);
  }
};

// A copy keeps the microphone open that it is of.
for (const kind of [MediaStream, MediaStreamTrack]) {
  const { clone } = kind.prototype;
  kind.prototype.clone = function () {
    const copy = clone.call(this);
    tracks.push(...(copy instanceof MediaStream ? copy.getTracks() : [copy]));
    return copy;
  };
}

let audio;
// A node that nothing refers to is collected in the middle of its sound.
const nodes = [];
const context = async () => {
  audio ??= new AudioContext();
  // A page that was loaded again may sound only after a press: the microphone is there before.
  const resumed = audio.resume();
  if (audio.state !== 'running' && navigator.userActivation.hasBeenActive) await resumed;
  return audio;
};

navigator.mediaDevices.getUserMedia = async () => {
  window.ear.asked += 1;
  if (typeof tone === 'string') throw new DOMException('as the test says', tone);
  const graph = await context();
  const out = new MediaStreamAudioDestinationNode(graph);
  const oscillator = new OscillatorNode(graph, { frequency: window.ear.tone });
  oscillator.connect(out);
  oscillator.start();
  nodes.push(oscillator, out);
  tracks.push(...out.stream.getTracks());
  return out.stream;
};

for (const press of ['keydown', 'pointerdown']) addEventListener(press, () => audio?.resume(), true);

const until = async (what, test, ms = 15_000) => {
  const end = performance.now() + ms;
  while (performance.now() < end) {
    const found = await test();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`not in time: ${what}`);
};

let analyser;
let of;
const listen = async () => {
  const connection = connections.at(-1);
  if (analyser && of === connection) return analyser;
  const track = await until('a track', () => connection?.getReceivers().find(({ track }) => track?.kind === 'audio')?.track);
  const graph = await context();
  analyser = new AnalyserNode(graph, { fftSize: 8_192, smoothingTimeConstant: 0 });
  const source = new MediaStreamAudioSourceNode(graph, { mediaStream: new MediaStream([track]) });
  source.connect(analyser);
  nodes.push(source);
  of = connection;
  return analyser;
};

// The loudest frequency of eight looks in a row; -1 for silence. Another connection may take the place of the one that is heard.
const steady = async (what, fits) => {
  let looks = [];
  const found = await until(what, async () => {
    const ear = await listen();
    const bins = new Float32Array(ear.frequencyBinCount);
    ear.getFloatFrequencyData(bins);
    const loudest = bins.indexOf(Math.max(...bins));
    looks = [...looks, bins[loudest] > -60 ? loudest : -1].slice(-8);
    return looks.length === 8 && looks.every((one) => one === looks[0]) && fits(looks[0]) && { bin: looks[0] };
  });
  return (found.bin * audio.sampleRate) / analyser.fftSize;
};

window.ear = {
  tone,
  asked: 0,
  unplug: () => {
    const track = tracks.filter(({ readyState }) => readyState === 'live').at(-1);
    track.stop();
    track.dispatchEvent(new Event('ended'));
  },
  hertz: () => steady('a steady tone', (bin) => bin >= 0),
  silence: () => steady('silence', (bin) => bin < 0).then(() => true),
  kinds: async () => {
    const reports = [...(await connections.at(-1).getStats()).values()];
    return reports.filter(({ type }) => type === 'local-candidate').map(({ candidateType }) => candidateType);
  },
  open: () => ({
    connections: connections.filter(({ connectionState }) => connectionState !== 'closed').length,
    tracks: tracks.filter(({ readyState }) => readyState === 'live').length,
    made: connections.length,
  }),
};
