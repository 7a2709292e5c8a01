import { bytesGrowingWith } from '../../../src/core/estimate/memory-map';
import { resize, sliderStops, type ShapeField } from '../../../src/core/model/shape';
import { grouped } from '../../../src/core/text';
import { Slider } from '../../ui/slider';
import { useEditor } from '../editor-context';
import { usePointer } from '../pointing';
import { FieldRow } from './field-row';
import { NumberInput } from './number-input';

/** A size of the network: a slider over useful sizes, and any size as a number. */
export function ShapeFieldRow({ field }: { field: ShapeField }) {
  const { state, preview, commit, cancel } = useEditor();
  const pointer = usePointer({ field });
  const { model, written } = state;
  if (!model || !written) return null;
  const { config } = model;
  const value = config.architecture[field];
  const path = `architecture.${field}`;
  const grown = state.costs && bytesGrowingWith(state.costs.memory.sram, field);
  const cost = grown === undefined ? undefined : `${grouped(grown)} bytes of SRAM grow with it`;
  return (
    <div {...pointer}>
      <FieldRow path={path} cost={cost}>
        <Slider
          label={`${field} slider`}
          stops={sliderStops(field, value, config.architecture.n_heads)}
          value={value}
          disabled={!state.isReadable}
          onInput={(size) => preview(resize(written, field, size))}
          onChange={(size) => commit(resize(written, field, size))}
        />
        <NumberInput
          path={path}
          value={value}
          onInput={(size) =>
            size === undefined ? cancel() : preview(resize(written, field, size))
          }
          onCommit={(size) =>
            size === undefined ? cancel() : commit(resize(written, field, size))
          }
        />
      </FieldRow>
    </div>
  );
}
