// SPDX-License-Identifier: EUPL-1.2
// A microphone that is a tone, and an ear: put into a page before anybody talks. (hertz, or the error that asking for the microphone
// ends with)
//
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

let audio;
const context = async () => {
  audio ??= new AudioContext();
  await audio.resume();
  return audio;
};

navigator.mediaDevices.getUserMedia = async () => {
  if (typeof tone === 'string') throw new DOMException('as the test says', tone);
  const graph = await context();
  const out = new MediaStreamAudioDestinationNode(graph);
  const oscillator = new OscillatorNode(graph, { frequency: tone });
  oscillator.connect(out);
  oscillator.start();
  tracks.push(...out.stream.getTracks());
  return out.stream;
};

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
  new MediaStreamAudioSourceNode(graph, { mediaStream: new MediaStream([track]) }).connect(analyser);
  of = connection;
  return analyser;
};

// The loudest frequency of eight looks in a row; -1 for silence.
const steady = async (what, fits) => {
  const ear = await listen();
  const bins = new Float32Array(ear.frequencyBinCount);
  let looks = [];
  const found = await until(what, () => {
    ear.getFloatFrequencyData(bins);
    const loudest = bins.indexOf(Math.max(...bins));
    looks = [...looks, bins[loudest] > -60 ? loudest : -1].slice(-8);
    return looks.length === 8 && looks.every((one) => one === looks[0]) && fits(looks[0]) && { bin: looks[0] };
  });
  return (found.bin * audio.sampleRate) / ear.fftSize;
};

window.ear = {
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
