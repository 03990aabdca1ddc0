// SPDX-License-Identifier: EUPL-1.2
// Two ends of a call in one page, with nothing but the relay between them: a tone of 440 Hz one way, a text the other way. Answers
// with the tone that is heard, the text, how long it took, and the kinds of ways that were used.
// (servers of the person, servers of the advisor, done)

const [theirs, own, done] = arguments;

const relayed = (servers) =>
  new RTCPeerConnection({ iceServers: servers, iceTransportPolicy: "relay", bundlePolicy: "max-bundle" });

const until = async (what, test, ms = 4_000) => {
  const end = performance.now() + ms;
  while (performance.now() < end) {
    const found = await test();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`not in time: ${what}`);
};

const run = async () => {
  const [person, advisor] = [relayed(theirs), relayed(own)];
  const kinds = new Set();
  for (const [from, to] of [[person, advisor], [advisor, person]]) {
    from.onicecandidate = ({ candidate }) => {
      if (!candidate?.candidate) return;
      kinds.add(candidate.type);
      to.addIceCandidate(candidate);
    };
  }

  const audio = new AudioContext();
  audio.resume();
  await until("sound", () => audio.state === "running");
  const tone = new OscillatorNode(audio, { frequency: 440 });
  const out = new MediaStreamAudioDestinationNode(audio);
  tone.connect(out);
  tone.start();
  advisor.addTrack(out.stream.getAudioTracks()[0], out.stream);

  const text = person.createDataChannel("rtt", { protocol: "t140", ordered: true });
  let typed = null;
  advisor.ondatachannel = ({ channel }) => {
    channel.onmessage = ({ data }) => (typed = { data, protocol: channel.protocol, at: performance.now() });
  };
  const heard = new Promise((resolve) => (person.ontrack = ({ track }) => resolve(track)));

  person.addTransceiver("audio", { direction: "recvonly" });
  await person.setLocalDescription();
  await advisor.setRemoteDescription(person.localDescription);
  await advisor.setLocalDescription();
  await person.setRemoteDescription(advisor.localDescription);

  await until("a connection", () => person.connectionState === "connected" && text.readyState === "open");
  const sent = performance.now();
  text.send("è");
  await until("a text", () => typed);

  // A browser decodes what an element plays, and lets the graph have it.
  const stream = new MediaStream([await heard]);
  const element = new Audio();
  element.muted = true;
  element.srcObject = stream;
  await element.play();
  const analyser = new AnalyserNode(audio, { fftSize: 8_192, smoothingTimeConstant: 0 });
  new MediaStreamAudioSourceNode(audio, { mediaStream: stream }).connect(analyser);
  const bins = new Float32Array(analyser.frequencyBinCount);
  // A window that begins before the tone, or has a gap in it, smears it: the same bin is the loudest of eight looks in a row.
  let looks = [];
  const hertz = await until("a steady tone", () => {
    analyser.getFloatFrequencyData(bins);
    const loudest = bins.indexOf(Math.max(...bins));
    looks = [...looks, bins[loudest] > -60 ? loudest : -1].slice(-8);
    const steady = looks.length === 8 && loudest >= 0 && looks.every((one) => one === loudest);
    return steady && (loudest * audio.sampleRate) / analyser.fftSize;
  }, 15_000);

  const ways = [];
  for (const report of (await person.getStats()).values()) {
    if (report.type === "local-candidate" || report.type === "remote-candidate") ways.push(report.candidateType);
  }
  person.close();
  advisor.close();
  return { hertz, text: typed.data, protocol: typed.protocol, ms: typed.at - sent, kinds: [...kinds], ways };
};

run().then(done, (error) => done({ error: String(error) }));
