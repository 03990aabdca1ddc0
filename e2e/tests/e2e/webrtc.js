// SPDX-License-Identifier: EUPL-1.2
// Counts the connections and microphones of a page, from before anybody talks.
//
// window.media.asked(): how often a microphone was asked for; open(): connections and tracks that are not over; heard(): the energy
// of all sound of the other side; kinds(): the kinds of ways that are offered to the other side.

const connections = [];
const tracks = [];
let asked = 0;

const Connection = window.RTCPeerConnection;
window.RTCPeerConnection = class extends Connection {
  constructor(...words) {
    super(...words);
    connections.push(this);
  }
};

const { mediaDevices } = navigator;
const open = mediaDevices.getUserMedia.bind(mediaDevices);
mediaDevices.getUserMedia = async (wanted) => {
  asked += 1;
  const stream = await open(wanted);
  tracks.push(...stream.getTracks());
  return stream;
};

const reports = async (kind) => {
  const all = await Promise.all(connections.map((one) => one.getStats()));
  return all.flatMap((stats) => [...stats.values()]).filter(({ type }) => type === kind);
};

window.media = {
  asked: () => asked,
  heard: async () => {
    const energies = (await reports('inbound-rtp')).map(({ totalAudioEnergy }) => totalAudioEnergy ?? 0);
    return energies.reduce((sum, one) => sum + one, 0);
  },
  kinds: async () => [...new Set((await reports('local-candidate')).map(({ candidateType }) => candidateType))],
  open: () =>
    connections.filter(({ connectionState }) => connectionState !== 'closed').length +
    tracks.filter(({ readyState }) => readyState === 'live').length,
};
