import type { Sampling } from '../model/config';
import { fromQ16 } from '../quant/scale';
import {
  hashBytes,
  headerOffset,
  imageHeaderBytes,
  imageMagic,
  imageVersion,
  type HeaderField,
} from './image-fields';

/** The header of a device image. */
export interface ImageHeader {
  imageBytes: number;
  /**
   * Digest of all that the image holds, in hexadecimal: the identity that the board reports. Images
   * that differ in weights, formats, tokenizer or sampling differ in it.
   */
  contentHash: string;
  /** Digest of the tokenizer alone, in hexadecimal. */
  tokenizerHash: string;
  /** The board's defaults for fields that a request leaves out. */
  sampling: Sampling;
  /** Bytes of the section that a board may copy to SRAM. */
  weightsBytes: number;
  /** Bytes of matrices that are streamed from flash. */
  streamBytes: number;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Version of a device image; undefined for other files. */
export function imageVersionOf(bytes: Uint8Array): number | undefined {
  if (bytes.length < imageHeaderBytes) return undefined;
  const view = viewOf(bytes);
  if (view.getUint32(headerOffset('magic'), true) !== imageMagic) return undefined;
  return view.getUint16(headerOffset('version'), true);
}

/**
 * Reads the header of an image; undefined for other files and other versions. The engine checks the
 * rest.
 */
export function readImageHeader(bytes: Uint8Array): ImageHeader | undefined {
  if (imageVersionOf(bytes) !== imageVersion) return undefined;
  const view = viewOf(bytes);
  const number = (name: HeaderField) => view.getUint32(headerOffset(name), true);
  const hash = (name: HeaderField) => {
    const offset = headerOffset(name);
    return hexadecimal(bytes.subarray(offset, offset + hashBytes));
  };
  return {
    imageBytes: number('image_bytes'),
    contentHash: hash('content_hash'),
    tokenizerHash: hash('tokenizer_hash'),
    sampling: {
      temperature: fromQ16(number('temperature')),
      top_k: number('top_k'),
      top_p: fromQ16(number('top_p')),
    },
    weightsBytes: number('weights_bytes'),
    streamBytes: number('stream_bytes'),
  };
}

function hexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
