// Draws with WebGL2: neurites as strips, somata as spheres, synapses as points.

import type { Cell } from "../data/cell";
import { type Frame, matrix, pixelScale } from "./camera";
import type { Color, Paint } from "./colors";
import { Mesh, SegmentIndices } from "./mesh";
import { Target } from "./render-target";
import {
  type Economy,
  HALO,
  type Picture,
  type Renderer,
  synapseRadius,
  THINNEST,
  TOLERANCE,
  TRIANGLE,
} from "./renderer";
import { allSegments, fewerSegments } from "./segments";
import { makeProgram, type Program } from "./shader-program";
import * as shaders from "./shaders";
import { Tubes } from "./tubes";

/** One cell's buffers; simplified neurites are added when they are first drawn. */
interface CellBuffers {
  cell: Cell;
  paint: Paint;
  tubes: Map<number, Tubes>;
  synapses: Mesh;
  soma: Mesh | null;
}

const PROGRAMS = {
  tube: [shaders.TUBE_VERTEX, shaders.TUBE_FRAGMENT],
  synapse: [shaders.SYNAPSE_VERTEX, shaders.SYNAPSE_FRAGMENT],
  soma: [shaders.SOMA_VERTEX, shaders.SOMA_FRAGMENT],
  quick: [shaders.TUBE_VERTEX, shaders.QUICK_FRAGMENT],
  line: [shaders.LINE_VERTEX, shaders.QUICK_FRAGMENT],
  speck: [shaders.SYNAPSE_VERTEX, shaders.QUICK_FRAGMENT],
} as const;
/** What the first picture needs; the others, for a moving cell, are compiled after it. */
const AT_REST = ["tube", "synapse", "soma"] as const;

// How far synapses are shifted towards the eye, in um: about a dendrite's radius.
const TOWARD = 2;
/** Up to this radius in CSS pixels, the shape of a moving synapse cannot be seen. */
const LARGEST_SPECK = 2.6;
/** Half the side of a square, in radii of a disk of the same area. */
const SQUARE = 0.886;
/** The square of an output, relative to that of an input: of the same area as its triangle. */
const TRIANGLE_SPECK = 0.643 * TRIANGLE;

export class WebglRenderer implements Renderer {
  readonly kind = "webgl2";
  readonly canvas: HTMLCanvasElement;
  readonly #gl: WebGL2RenderingContext;
  readonly #programs = new Map<keyof typeof PROGRAMS, Program>();
  readonly #target: Target;
  readonly #indices: SegmentIndices;
  #buffers: CellBuffers[] = [];
  #radius = 1;

  /** Throws an error where WebGL2 is not available. */
  constructor(canvas: HTMLCanvasElement) {
    // Antialiasing by the context could not be switched off during movements.
    const gl = canvas.getContext("webgl2", { antialias: false, powerPreference: "low-power" });
    if (!gl) throw new Error("WebGL2 is not available.");
    this.canvas = canvas;
    this.#gl = gl;
    for (const name of AT_REST) this.#program(name);
    this.#target = new Target(gl);
    this.#indices = new SegmentIndices(gl);
    gl.enable(gl.DEPTH_TEST);
    gl.depthFunc(gl.LEQUAL);
  }

  get lost(): boolean {
    return this.#gl.isContextLost();
  }

  setCells(cells: readonly Cell[], paints: readonly Paint[]): void {
    const before = new Map(this.#buffers.map((buffers) => [buffers.cell, buffers]));
    this.#buffers = cells.map((cell, place) => {
      const paint = paints[place] as Paint;
      const existing = before.get(cell);
      before.delete(cell);
      const buffers = existing ?? this.#make(cell, paint);
      if (existing?.paint !== paint) {
        buffers.paint = paint;
        buffers.synapses.paint(paint.synapses);
        buffers.soma?.paint(fourTimes(paint.soma));
      }
      return buffers;
    });
    for (const unused of before.values()) free(unused);
  }

  draw({ frame, ratio, economy, background, marks }: Picture): void {
    const gl = this.#gl;
    const [width, height] = [Math.round(frame.width * ratio), Math.round(frame.height * ratio)];
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
    const fine = economy === 0;
    this.#target.begin(width, height, fine);
    gl.clearColor(...(background.map((part) => part / 255) as Color), 1);
    gl.colorMask(true, true, true, true);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    // Alpha determines how many samples an edge covers; the page must not shine through.
    gl.colorMask(true, true, true, false);
    this.#radius = sceneRadius(frame, this.#buffers);
    this.#drawTubes(frame, ratio, economy, background);
    const soma = this.#program("soma");
    this.#use(soma, frame, ratio, background);
    const flat = frame.distance === 0;
    gl.uniform2f(soma.uniform("deeper"), this.#deeper(frame), flat ? 0 : 1);
    for (const { soma: mesh } of this.#buffers) {
      mesh?.bind();
      if (mesh) gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
    }
    this.#drawSynapses({ frame, ratio, economy, background, marks });
    gl.bindVertexArray(null);
    this.#target.end();
  }

  wait(): void {
    const gl = this.#gl;
    // finish() returns at once in some browsers; reading a pixel waits for the picture.
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  }

  destroy(): void {
    for (const buffers of this.#buffers) free(buffers);
    this.#buffers = [];
    this.#gl.getExtension("WEBGL_lose_context")?.loseContext();
  }

  #program(name: keyof typeof PROGRAMS): Program {
    const [vertex, fragment] = PROGRAMS[name];
    const made = this.#programs.get(name) ?? makeProgram(this.#gl, vertex, fragment);
    this.#programs.set(name, made);
    return made;
  }

  #use(program: Program, frame: Frame, ratio: number, background: Color): void {
    const gl = this.#gl;
    gl.useProgram(program.program);
    const { center, height, view } = frame.camera;
    gl.uniformMatrix4fv(program.uniform("view"), false, matrix(frame, this.#radius));
    const half = [(frame.width * ratio) / 2, (frame.height * ratio) / 2] as const;
    gl.uniform2f(program.uniform("halfSize"), ...half);
    gl.uniform1f(program.uniform("scale"), pixelScale(frame) * ratio);
    gl.uniform3f(program.uniform("background"), ...(background.map((p) => p / 255) as Color));
    const [x, y, z] = frame.forward;
    const along = x * center[0] + y * center[1] + z * center[2];
    gl.uniform4f(program.uniform("forward"), x, y, z, along);
    // Only the perspective view fades with distance.
    gl.uniform2f(program.uniform("fog"), -0.1 * height, view === "perspective" ? 0.6 / height : 0);
  }

  #drawSynapses({ frame, ratio, economy, background, marks }: Picture): void {
    const gl = this.#gl;
    const radius = synapseRadius(frame.height / frame.camera.height, marks);
    const speck = economy > 0 && radius <= LARGEST_SPECK;
    const program = this.#program(speck ? "speck" : "synapse");
    this.#use(program, frame, ratio, background);
    gl.uniform1f(program.uniform("radius"), radius * ratio * (speck ? SQUARE : 1));
    gl.uniform1f(program.uniform("triangle"), speck ? TRIANGLE_SPECK : TRIANGLE);
    gl.uniform1f(program.uniform("halo"), speck ? 0 : HALO * ratio);
    gl.uniform1f(program.uniform("opacity"), marks.opacity);
    const toward = frame.forward.map((part) => part * TOWARD) as Color;
    gl.uniform3f(program.uniform("toward"), ...toward);
    const transparent = marks.opacity < 1;
    if (transparent) {
      // Synapses behind others show through; four samples would allow only four opacities.
      gl.disable(gl.SAMPLE_ALPHA_TO_COVERAGE);
      gl.enable(gl.BLEND);
      gl.blendFunc(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA);
      gl.depthMask(false);
    }
    for (const { synapses } of this.#buffers) {
      synapses.bind();
      gl.drawArrays(gl.POINTS, 0, synapses.count);
    }
    if (!transparent) return;
    gl.disable(gl.BLEND);
    gl.depthMask(true);
  }

  #deeper(frame: Frame): number {
    // The third row of the matrix, along the direction into the picture.
    const m = matrix(frame, this.#radius);
    const [x, y, z] = frame.forward;
    return (m[2] as number) * x + (m[6] as number) * y + (m[10] as number) * z;
  }

  #drawTubes(frame: Frame, ratio: number, economy: Economy, background: Color): void {
    const gl = this.#gl;
    const tubes = this.#buffers.flatMap((buffers) => this.#tubes(buffers, frame, economy) ?? []);
    const fine = economy === 0;
    const strip = this.#program(fine ? "tube" : "quick");
    // While moving, segments about one pixel thick are lines, which are cheapest.
    const thin = fine ? 0 : (2 * THINNEST * frame.camera.height) / frame.height;
    this.#indices.grow(Math.max(1, ...tubes.map(({ count }) => count)));
    this.#use(strip, frame, ratio, background);
    gl.uniform1f(strip.uniform("thinnest"), THINNEST * ratio);
    gl.uniform1f(strip.uniform("opacity"), 1);
    for (const one of tubes) {
      one.mesh.bind();
      gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.#indices.strips);
      const thick = fine ? one.count : one.thicker(thin);
      gl.drawElements(gl.TRIANGLES, 6 * thick, gl.UNSIGNED_INT, 0);
    }
    if (fine) return;
    const line = this.#program("line");
    this.#use(line, frame, ratio, background);
    gl.uniform1f(line.uniform("opacity"), 1);
    for (const one of tubes) {
      const thick = one.thicker(thin);
      one.mesh.bind();
      gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.#indices.lines);
      gl.drawElements(gl.LINES, 2 * (one.count - thick), gl.UNSIGNED_INT, 8 * thick);
    }
  }

  /** A cell's neurites, as exact as the picture needs them. */
  #tubes(
    { cell: { tree }, paint, tubes }: CellBuffers,
    frame: Frame,
    economy: Economy,
  ): Tubes | null {
    if (!tree) return null;
    // In powers of two, so that not every zoom step needs new ones.
    const um = (TOLERANCE[economy] * frame.camera.height) / frame.height;
    const tolerance = um > 0 ? 2 ** Math.floor(Math.log2(um)) : 0;
    let simplified = tubes.get(tolerance);
    if (!simplified) {
      const segments = tolerance > 0 ? fewerSegments(tree, tolerance) : allSegments(tree);
      simplified = new Tubes(this.#gl, tree, segments);
      tubes.set(tolerance, simplified);
    }
    simplified.paint(paint.tree);
    return simplified;
  }

  #make(cell: Cell, paint: Paint): CellBuffers {
    const gl = this.#gl;
    const { synapses, soma } = cell;
    const output = synapses.direction.labels.indexOf("output");
    const points = new Float32Array(4 * synapses.n);
    for (let i = 0; i < synapses.n; i++) {
      points.set(synapses.um.subarray(3 * i, 3 * i + 3), 4 * i);
      points[4 * i + 3] = synapses.direction.codes[i] === output ? 1 : 0;
    }
    const sphere = soma && new Mesh(gl, repeated([...soma.um, soma.radius]), 1);
    const buffers = {
      cell,
      paint,
      tubes: new Map(),
      synapses: new Mesh(gl, points, 1),
      soma: sphere,
    };
    buffers.synapses.paint(paint.synapses);
    sphere?.paint(fourTimes(paint.soma));
    return buffers;
  }
}

function free({ tubes, synapses, soma }: CellBuffers): void {
  for (const { mesh } of tubes.values()) mesh.destroy();
  synapses.destroy();
  soma?.destroy();
}

/** Radius around the camera's center that contains all cells, in um. */
function sceneRadius(frame: Frame, buffers: readonly CellBuffers[]): number {
  let most = 1;
  const { center } = frame.camera;
  for (const { cell } of buffers) {
    const { low, high } = cell.box;
    const far = low.map((value, k) =>
      Math.max(
        Math.abs(value - (center[k] as number)),
        Math.abs((high[k] as number) - (center[k] as number)),
      ),
    );
    most = Math.max(most, Math.hypot(...far));
  }
  return most * 1.02 + 20;
}

function repeated(values: readonly number[]): Float32Array {
  return Float32Array.from([...values, ...values, ...values, ...values]);
}

function fourTimes(color: Color): Uint8Array {
  return Uint8Array.from(repeated([...color, 255]));
}
