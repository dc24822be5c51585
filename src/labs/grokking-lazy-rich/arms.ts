// The arms and the sizes that no knob changes.

export const DIMENSIONS = 30;
/** Steps of every network. */
export const HORIZON = 8000;
/** Points of a curve in each power of ten. */
export const POINTS_PER_DECADE = 8;

export const ARMS = [
  { id: 'rich', label: 'rich, α = 0.25', alpha: 0.25, isLinearised: false },
  { id: 'middle', label: 'between, α = 1', alpha: 1, isLinearised: false },
  { id: 'lazy', label: 'lazy, α = 4', alpha: 4, isLinearised: false },
  { id: 'linearised', label: 'linearised, α → ∞', alpha: 1, isLinearised: true },
] as const;
