import { buf as crc32 } from 'crc-32';
import { crcOffset, crcStart, hashBytes, imageMagic, modelHashOffset } from './image';
import { imageHeaderBytes } from './layout';

/** What a device image says of itself before anything of it is used. */
export interface ImageHeader {
  imageBytes: number;
  /** Digests in hexadecimal, as the board reports them. */
  modelHash: string;
  tokenizerHash: string;
  /** Bytes of the section that a board may copy to SRAM. */
  weightsBytes: number;
}

/** Places in the header; firmware/engine/image.h documents them. */
const imageBytesOffset = 8;
const tokenizerHashOffset = modelHashOffset + hashBytes;
const weightsBytesOffset = 84;

/** Whether an image has all of its bytes, as they were written. */
export function isIntact(image: Uint8Array): boolean {
  const header = readImageHeader(image);
  if (!header || header.imageBytes !== image.length) return false;
  const view = new DataView(image.buffer, image.byteOffset, image.length);
  return view.getInt32(crcOffset, true) === crc32(image.subarray(crcStart));
}

/** Reads the header of an image; undefined where there is none. The engine checks the rest. */
export function readImageHeader(bytes: Uint8Array): ImageHeader | undefined {
  if (bytes.length < imageHeaderBytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.getUint32(0, true) !== imageMagic) return undefined;
  const hash = (offset: number) => hexadecimal(bytes.subarray(offset, offset + hashBytes));
  return {
    imageBytes: view.getUint32(imageBytesOffset, true),
    modelHash: hash(modelHashOffset),
    tokenizerHash: hash(tokenizerHashOffset),
    weightsBytes: view.getUint32(weightsBytesOffset, true),
  };
}

function hexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
