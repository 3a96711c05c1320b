// Decompresses what Python sends or saves.

/** Decompresses gzip. A DataView may lie anywhere in a message: its bytes are copied. */
export async function gunzip(block: DataView): Promise<DataView> {
  // A Blob does not accept a view of shared memory.
  const bytes = new Uint8Array(block.buffer, block.byteOffset, block.byteLength).slice();
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new DataView(await new Response(stream).arrayBuffer());
}
