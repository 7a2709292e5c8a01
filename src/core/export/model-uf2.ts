import { chip } from '../chip';
import { imageVersionOf, readImageHeader } from './image-header';
import { writeUf2, type Segment } from './uf2';

/** Address of the model image in the chip's memory map. */
const modelAddress = chip.flashAddress + chip.modelFlashOffset;

/** A UF2 that replaces the model image and leaves the program as it is. */
export function modelUf2(image: Uint8Array): Uint8Array {
  return writeUf2([modelSegment(image)]);
}

/** A UF2 of a program with a model image in place of its own. */
export function programWithModel(program: readonly Segment[], image: Uint8Array): Uint8Array {
  const before = program
    .filter(({ address }) => address < modelAddress)
    .map(({ address, data }) => ({ address, data: data.subarray(0, modelAddress - address) }));
  return writeUf2([...before, modelSegment(image)]);
}

/** The model image of this version in a UF2; undefined when it has none, or only a part of one. */
export function modelImageIn(segments: readonly Segment[]): Uint8Array | undefined {
  const rest = placeOfModel(segments);
  const header = rest && readImageHeader(rest);
  if (!header || header.imageBytes > rest.length) return undefined;
  return rest.subarray(0, header.imageBytes);
}

/** Version of the model image in a UF2; undefined when it has none. */
export function modelVersionIn(segments: readonly Segment[]): number | undefined {
  const rest = placeOfModel(segments);
  return rest && imageVersionOf(rest);
}

/** The contents of a UF2 from the model's offset on. */
function placeOfModel(segments: readonly Segment[]): Uint8Array | undefined {
  const home = segments.find(
    ({ address, data }) => address <= modelAddress && modelAddress < address + data.length,
  );
  return home?.data.subarray(modelAddress - home.address);
}

/** Whole sectors, so that no part of a larger model remains behind the image. */
function modelSegment(image: Uint8Array): Segment {
  const data = new Uint8Array(
    Math.ceil(image.length / chip.flashSectorBytes) * chip.flashSectorBytes,
  ).fill(0xff);
  data.set(image);
  return { address: modelAddress, data };
}
