// WebGL buffers: positions that stay, colours that change.
//
// No instancing: software WebGL takes a millisecond for a hundred instances. A segment is four
// vertices, each of which has both ends.
import { LOCATIONS } from "./shader-program";

/** Index buffers that all meshes of segments share. */
export class SegmentIndices {
  readonly strips: WebGLBuffer;
  readonly lines: WebGLBuffer;
  readonly #gl: WebGL2RenderingContext;
  #room = 0;

  constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl;
    this.strips = gl.createBuffer();
    this.lines = gl.createBuffer();
  }

  /** Makes room for a number of segments. */
  grow(segments: number): void {
    if (segments <= this.#room) return;
    const gl = this.#gl;
    this.#room = segments;
    const strips = new Uint32Array(6 * segments);
    const lines = new Uint32Array(2 * segments);
    for (let i = 0; i < segments; i++) {
      const [at, v] = [6 * i, 4 * i];
      strips[at] = v;
      strips[at + 1] = strips[at + 4] = v + 1;
      strips[at + 2] = strips[at + 3] = v + 2;
      strips[at + 5] = v + 3;
      lines[2 * i] = v;
      lines[2 * i + 1] = v + 2;
    }
    // Otherwise the bound vertex array would record the binding.
    gl.bindVertexArray(null);
    for (const [buffer, indices] of [
      [this.strips, strips],
      [this.lines, lines],
    ] as const) {
      gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, buffer);
      gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, indices, gl.STATIC_DRAW);
    }
  }
}

export class Mesh {
  /** Number of vertices. */
  readonly count: number;
  readonly #gl: WebGL2RenderingContext;
  readonly #array: WebGLVertexArrayObject;
  readonly #positions: WebGLBuffer;
  readonly #colors: WebGLBuffer;

  /** `ends` is 2 if each vertex has the two ends of a segment, else 1. */
  constructor(gl: WebGL2RenderingContext, positions: Float32Array, ends: 1 | 2) {
    this.#gl = gl;
    this.#array = gl.createVertexArray();
    this.#positions = gl.createBuffer();
    this.#colors = gl.createBuffer();
    this.count = positions.length / (4 * ends);
    gl.bindVertexArray(this.#array);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#positions);
    gl.bufferData(gl.ARRAY_BUFFER, positions, gl.STATIC_DRAW);
    for (let end = 0; end < ends; end++) {
      const place = end === 0 ? LOCATIONS.a : LOCATIONS.b;
      gl.enableVertexAttribArray(place);
      gl.vertexAttribPointer(place, 4, gl.FLOAT, false, 16 * ends, 16 * end);
    }
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#colors);
    gl.enableVertexAttribArray(LOCATIONS.color);
    gl.vertexAttribPointer(LOCATIONS.color, 4, gl.UNSIGNED_BYTE, true, 0, 0);
    gl.bindVertexArray(null);
  }

  /** Sets the colours, four bytes for each vertex. */
  paint(colors: Uint8Array): void {
    const gl = this.#gl;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#colors);
    gl.bufferData(gl.ARRAY_BUFFER, colors, gl.DYNAMIC_DRAW);
  }

  bind(): void {
    this.#gl.bindVertexArray(this.#array);
  }

  destroy(): void {
    this.#gl.deleteVertexArray(this.#array);
    this.#gl.deleteBuffer(this.#positions);
    this.#gl.deleteBuffer(this.#colors);
  }
}
