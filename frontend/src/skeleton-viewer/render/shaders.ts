// The shader programs.

const COMMON = `#version 300 es
precision highp float;
uniform mat4 view;
uniform vec2 halfSize;   // half the picture, in device pixels
uniform float scale;     // device pixels per um, times w
uniform vec3 background;
uniform vec2 fog;        // um behind the center where fading begins, and its rate in 1/um
uniform vec4 forward;    // direction into the picture; .w is the center's position along it
vec3 faded(vec3 color, vec3 at) {
  float behind = dot(forward.xyz, at) - forward.w;
  return mix(color, background, clamp((behind - fog.x) * fog.y, 0.0, 0.55));
}
`;

/** A segment of a neurite: a strip with round ends, as wide as the neurite. */
export const TUBE_VERTEX = `${COMMON}
uniform float thinnest;
in vec4 a;               // one end and its radius, um
in vec4 b;
in vec4 color;
out vec3 tint;
out vec2 place;          // along the segment and across it, device pixels
flat out vec3 shape;     // its length and its two radii
void main() {
  vec4 p = view * vec4(a.xyz, 1.0), q = view * vec4(b.xyz, 1.0);
  gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
  if (p.w <= 0.0 || q.w <= 0.0) return;
  vec2 from = p.xy / p.w * halfSize, to = q.xy / q.w * halfSize;
  float reach = distance(from, to);
  vec2 along = reach > 0.0 ? (to - from) / reach : vec2(1.0, 0.0);
  vec2 radius = max(vec2(a.w * scale / p.w, b.w * scale / q.w), thinnest);
  float wide = max(radius.x, radius.y);
  bool first = (gl_VertexID & 2) == 0;
  float side = (gl_VertexID & 1) == 0 ? -1.0 : 1.0;
  place = vec2(first ? -radius.x : reach + radius.y, side * wide);
  shape = vec3(reach, radius);
  vec2 at = from + along * place.x + vec2(-along.y, along.x) * place.y;
  vec4 own = first ? p : q;
  gl_Position = vec4(at / halfSize * own.w, own.zw);
  tint = faded(color.rgb, first ? a.xyz : b.xyz);
}`;

export const TUBE_FRAGMENT = `#version 300 es
precision highp float;
in vec3 tint;
in vec2 place;
flat in vec3 shape;
out vec4 result;
void main() {
  float along = clamp(place.x, 0.0, shape.x);
  float radius = mix(shape.y, shape.z, shape.x > 0.0 ? along / shape.x : 0.0);
  float off = length(vec2(place.x - along, place.y));
  float cover = clamp(radius - off + 0.5, 0.0, 1.0);
  if (cover <= 0.0) discard;
  // Thick segments look round.
  float bow = radius > 1.5 ? sqrt(max(0.0, 1.0 - off * off / (radius * radius))) : 1.0;
  result = vec4(tint * (0.6 + 0.4 * bow), cover);
}`;

/** A thin segment while moving: a line from end to end. */
export const LINE_VERTEX = `${COMMON}
in vec4 a;
in vec4 b;
in vec4 color;
out vec3 tint;
void main() {
  vec3 at = (gl_VertexID & 2) == 0 ? a.xyz : b.xyz;
  gl_Position = view * vec4(at, 1.0);
  tint = faded(color.rgb, at);
}`;

/** While moving: no round ends, no shading; small synapses are squares. */
export const QUICK_FRAGMENT = `#version 300 es
precision mediump float;
uniform float opacity;
in vec3 tint;
out vec4 result;
void main() { result = vec4(tint, opacity); }`;

/** A synapse: a disk for an input, a triangle for an output, with a border. */
export const SYNAPSE_VERTEX = `${COMMON}
uniform float radius;    // of a synapse of normal size, device pixels
uniform float triangle;  // size of an output, relative to an input
uniform float halo;      // width of the border, device pixels
uniform vec3 toward;     // shift towards the eye (um), out of the synapse's own neurite
in vec4 a;               // position; .w is 1 for an output
in vec4 color;           // .a is its size, 0 hides it
out vec3 tint;
flat out vec3 shape;     // 1 for an output; its radius, and half the point, in device pixels
void main() {
  vec4 p = view * vec4(a.xyz - toward, 1.0);
  // A triangle reaches farther than a disk of the same area.
  float reach = radius * color.a * 1.992 * (a.w > 0.5 ? triangle : 1.0);
  gl_Position = color.a == 0.0 || p.w <= 0.0 ? vec4(2.0, 2.0, 2.0, 1.0) : p;
  gl_PointSize = 2.0 * (reach + halo);
  tint = faded(color.rgb, a.xyz);
  shape = vec3(a.w, reach, reach + halo);
}`;

export const SYNAPSE_FRAGMENT = `#version 300 es
precision highp float;
uniform float halo;
uniform float opacity;
uniform vec3 background;
in vec3 tint;
flat in vec3 shape;
out vec4 result;
void main() {
  vec2 p = (2.0 * gl_PointCoord - 1.0) * shape.z;
  float reach = shape.y;
  // Distance to the edge in pixels, negative inside.
  float off = shape.x > 0.5
    ? max(p.y - 0.5 * reach, 0.866 * abs(p.x) - 0.5 * p.y - 0.5 * reach)
    : length(p) - reach;
  float cover = clamp(halo + 0.5 - off, 0.0, 1.0);
  if (cover <= 0.0) discard;
  // A darker rim inside the border shapes large synapses.
  float rim = reach > 4.0 ? smoothstep(-1.6, -0.6, off) : 0.0;
  vec3 fill = tint * (1.0 - 0.35 * rim);
  result = vec4(mix(fill, background, clamp(off + 0.5, 0.0, 1.0)), cover * opacity);
}`;

/** A soma: a sphere, computed for each pixel of a square. */
export const SOMA_VERTEX = `${COMMON}
in vec4 a;
in vec4 color;
out vec3 tint;
out vec2 place;
flat out vec4 center;
flat out float radius;
void main() {
  vec4 p = view * vec4(a.xyz, 1.0);
  place = vec2(gl_VertexID & 1, (gl_VertexID >> 1) & 1) * 2.0 - 1.0;
  float pixels = max(a.w * scale / p.w, 2.5);
  gl_Position = p.w <= 0.0 ? vec4(2.0, 2.0, 2.0, 1.0) : p + vec4(place * pixels / halfSize * p.w, 0.0, 0.0);
  tint = faded(color.rgb, a.xyz);
  center = p;
  radius = a.w;
}`;

export const SOMA_FRAGMENT = `#version 300 es
precision highp float;
uniform vec2 deeper;     // change of z and w per um into the picture
in vec3 tint;
in vec2 place;
flat in vec4 center;
flat in float radius;
out vec4 result;
void main() {
  float off = dot(place, place);
  if (off > 1.0) discard;
  float nearer = sqrt(1.0 - off);
  vec2 zw = center.zw - deeper * radius * nearer;
  gl_FragDepth = clamp(0.5 * zw.x / zw.y + 0.5, 0.0, 1.0);
  float light = 0.45 + 0.55 * max(0.0, dot(vec3(place, nearer), normalize(vec3(-0.4, 0.5, 0.8))));
  result = vec4(tint * light, 1.0);
}`;
