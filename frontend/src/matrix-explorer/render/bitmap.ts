// An image of 32-bit pixels. Writing thousands of small rectangles into it and copying it to the
// canvas once is faster than drawing each on the canvas.

export class Bitmap {
  readonly data: ImageData;
  readonly pixels: Uint32Array;

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.data = new ImageData(width, height);
    this.pixels = new Uint32Array(this.data.data.buffer);
  }

  /** Fills the part of a rectangle that is within the image; edges are rounded to pixels. */
  fill(x: number, y: number, width: number, height: number, color: number): void {
    const [left, right] = [clamp(x, this.width), clamp(x + width, this.width)];
    const bottom = clamp(y + height, this.height);
    for (let line = clamp(y, this.height); line < bottom; line++) {
      this.pixels.fill(color, line * this.width + left, line * this.width + right);
    }
  }

  /** Paints a grid of colour indices; index 0 means no connection. */
  paint(
    x: number,
    y: number,
    grid: { width: number; height: number; values: Uint8Array | Uint32Array },
    colors: Uint32Array,
  ): void {
    const { width, height, values } = grid;
    for (let line = 0; line < height; line++) {
      let to = (y + line) * this.width + x;
      const end = (line + 1) * width;
      for (let from = line * width; from < end; from++) {
        this.pixels[to++] = colors[values[from] as number] as number;
      }
    }
  }
}

function clamp(value: number, most: number): number {
  return Math.min(Math.max(Math.round(value), 0), most);
}
