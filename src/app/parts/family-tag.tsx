// A family's name in the family's tint.
import type { CSSProperties } from 'react';
import type { Family } from '../../labs/_kit/contract/meta.ts';
import { FAMILIES } from '../../labs/catalog.ts';

export const familyHue = (family: Family): CSSProperties => ({ '--hue': FAMILIES[family].hue }) as CSSProperties;

export const FamilyTag = ({ family }: { family: Family }) => (
  <span className="family" style={familyHue(family)}>
    {FAMILIES[family].label}
  </span>
);
