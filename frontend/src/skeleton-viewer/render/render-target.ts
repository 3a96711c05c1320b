// Where a picture is drawn: directly onto the canvas, or first with several samples per pixel.

const SAMPLES = 4;

export class Target {
  readonly #gl: WebGL2RenderingContext;
  #size = "";
  #framebuffer: WebGLFramebuffer | null = null;
  #buffers: WebGLRenderbuffer[] = [];
  #fine = false;
  #width = 0;
  #height = 0;

  constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl;
  }

  /** Begins a picture of this size; a fine one has smooth edges. */
  begin(width: number, height: number, fine: boolean): void {
    const gl = this.#gl;
    [this.#width, this.#height, this.#fine] = [width, height, fine];
    if (fine) this.#resize();
    gl.bindFramebuffer(gl.FRAMEBUFFER, fine ? this.#framebuffer : null);
    gl.viewport(0, 0, width, height);
    if (fine) gl.enable(gl.SAMPLE_ALPHA_TO_COVERAGE);
    else gl.disable(gl.SAMPLE_ALPHA_TO_COVERAGE);
  }

  /** Copies the picture onto the canvas. */
  end(): void {
    if (!this.#fine) return;
    const gl = this.#gl;
    const [w, h] = [this.#width, this.#height];
    gl.bindFramebuffer(gl.READ_FRAMEBUFFER, this.#framebuffer);
    gl.bindFramebuffer(gl.DRAW_FRAMEBUFFER, null);
    gl.colorMask(true, true, true, true);
    gl.blitFramebuffer(0, 0, w, h, 0, 0, w, h, gl.COLOR_BUFFER_BIT, gl.NEAREST);
  }

  #resize(): void {
    const gl = this.#gl;
    const size = `${this.#width} ${this.#height}`;
    if (size === this.#size) return;
    this.#size = size;
    for (const buffer of this.#buffers) gl.deleteRenderbuffer(buffer);
    this.#framebuffer ??= gl.createFramebuffer();
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.#framebuffer);
    this.#buffers = (
      [
        [gl.COLOR_ATTACHMENT0, gl.RGBA8],
        [gl.DEPTH_ATTACHMENT, gl.DEPTH_COMPONENT24],
      ] as const
    ).map(([attachment, format]) => {
      const buffer = gl.createRenderbuffer();
      gl.bindRenderbuffer(gl.RENDERBUFFER, buffer);
      gl.renderbufferStorageMultisample(
        gl.RENDERBUFFER,
        SAMPLES,
        format,
        this.#width,
        this.#height,
      );
      gl.framebufferRenderbuffer(gl.FRAMEBUFFER, attachment, gl.RENDERBUFFER, buffer);
      return buffer;
    });
  }
}
