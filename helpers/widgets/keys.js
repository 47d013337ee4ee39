// Which keys are the widget's own. Python puts this text before that of every widget that has controls.

// JupyterLab's shortcuts (Enter, arrows, a, b, d d) must not hear the keys that are meant for us; but to save is theirs.
const saves = (event) => (event.ctrlKey || event.metaKey) && event.key === "s";
const keepKeys = (element) => element.addEventListener("keydown", (event) => saves(event) || event.stopPropagation());
