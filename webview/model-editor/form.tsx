import type { ComponentChildren } from 'preact';
import { fieldAt } from '../../src/core/model/fields';
import { shapeFields } from '../../src/core/model/shape';
import { BudgetField, budgetPaths } from './fields/budget-field';
import { NgramFields, ngramPaths } from './fields/ngram-fields';
import { pathsOf, type Section } from './fields/paths';
import { SchemaFieldRow } from './fields/schema-field';
import { ShapeFieldRow } from './fields/shape-field';
import { TokenizerFields } from './fields/tokenizer-fields';
import { Pictures } from './pictures';
import { Presets } from './presets';

const files = new Set(['data.source', 'data.validation_file', 'training.from', 'training.teacher']);
const shapePaths: readonly string[] = shapeFields.map((field) => `architecture.${field}`);

/** All fields of model.json as controls, with the pictures of the model after its shape. */
export function Form() {
  return (
    <div class="form">
      <Presets />
      <SectionOf title="Model">
        <SchemaFieldRow path="name" />
      </SectionOf>
      <SectionOf section="architecture">
        {shapeFields.map((field) => (
          <ShapeFieldRow key={field} field={field} />
        ))}
        <SchemaFields section="architecture" except={[...shapePaths, ...ngramPaths]} />
        <NgramFields />
      </SectionOf>
      <Pictures />
      <SectionOf section="quantization">
        <SchemaFields section="quantization" />
      </SectionOf>
      <SectionOf section="tokenizer">
        <TokenizerFields />
      </SectionOf>
      <SectionOf section="data">
        <SchemaFields section="data" />
      </SectionOf>
      <SectionOf section="training">
        <BudgetField />
        <SchemaFields section="training" except={budgetPaths} />
      </SectionOf>
      <SectionOf section="target">
        <SchemaFields section="target" />
      </SectionOf>
    </div>
  );
}

interface SectionProps {
  section?: Section;
  title?: string;
  children: ComponentChildren;
}

function SectionOf({ section, title = section ?? '', children }: SectionProps) {
  const id = `section-${title}`;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {section && <p class="description">{fieldAt(section)?.description}</p>}
      <div class="fields">{children}</div>
    </section>
  );
}

function SchemaFields({ section, except = [] }: { section: Section; except?: readonly string[] }) {
  return (
    <>
      {pathsOf(section)
        .filter((path) => !except.includes(path))
        .map((path) => (
          <SchemaFieldRow key={path} path={path} isFile={files.has(path)} />
        ))}
    </>
  );
}
