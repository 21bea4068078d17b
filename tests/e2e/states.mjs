// The states of the page that are photographed and searched for faults of accessibility, each with how to
// reach it from a first visit.

export const STATES = {
  'first-visit': async () => {},
};
