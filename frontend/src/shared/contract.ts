// Constants that Python and the browser must agree on. Generated from Python: do not edit, but run
// `python -m tools.front_end_contract`.

/** Most cells that can be selected in a widget. */
export const LARGEST_SELECTION = 20_000;

/** Class of the line below a widget's still picture. */
export const STILL_NOTE = "mw-still";

/** Class of the element in which a widget is running. */
export const ALIVE = "mw-alive";

/** Part of the source of data whose synapses have no size. */
export const NO_SIZES = "no synapse sizes";

/** What a matrix entry can represent if synapses have no size. */
export const VALUES_WITHOUT_SIZES = ["count", "binary"] as const;

/** Traits that express a choice, by kind of widget. */
export const LINK_TRAITS = {
  picker: ["value", "selected"],
  viewer: ["cells", "partner"],
  matrix: ["pair", "cell", "selected_pre", "selected_post"],
  player: ["cell", "stimulus_cells"],
} as const;

/** Root ids have 64 bits. */
export const LARGEST_ROOT_ID = "9223372036854775807";

/** Matches a cell that a spreadsheet might run. */
export const CSV_FORMULA =
  "^(?!-(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![\\s\\S]))'*[=+\\-@\\t\\r\\n]";

/** Characters that code shows as escapes. */
export const INVISIBLE_CHARACTERS =
  "[\\u0000-\\u001f\\u007f-\\u00a0\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u2028-\\u202f\\u2060-\\u206f\\ud800-\\udfff\\ufeff\\ufff0-\\ufffb]";

/** The first bytes of a packed table. */
export const TABLE_MAGIC = "MWC1";

/** Number types in packed tables. */
export const TABLE_TYPES = [
  "uint8",
  "int8",
  "uint16",
  "int16",
  "uint32",
  "int32",
  "float32",
  "float64",
  "int64",
] as const;

/** A missing value in a column of flags. */
export const MISSING_FLAG = 255;

/** Columns of the cell picker's table, in order. */
export const PICKER_COLUMNS = [
  "pt_root_id",
  "cell_type_auto",
  "coarse_cell_type_auto",
  "cell_type_manual",
  "coarse_cell_type_manual",
  "region",
  "depth",
  "x",
  "volume",
  "n_inputs",
  "n_outputs",
  "n_input_partners",
  "n_output_partners",
  "proofreading_strategy",
  "has_skeleton",
] as const;

/** Whether a cell has a skeleton, if that is known. */
export const SKELETON_COLUMN = "has_skeleton";

/** Arguments of Connectome.select, by column, in order. */
export const SELECT_ARGUMENTS = {
  cell_type_auto: "cell_type",
  cell_type_manual: "cell_type_manual",
  coarse_cell_type_auto: "coarse_type",
  region: "region",
  proofreading_strategy: "proofread",
} as const;

/** Names by which the picker's search finds labels. */
export const SEARCH_NAMES = {
  "23P": "layer l2 l3 l2/3 pyramidal excitatory neuron",
  L2IT: "layer l2 l2/3 pyramidal excitatory neuron intratelencephalic",
  L3IT: "layer l3 l2/3 pyramidal excitatory neuron intratelencephalic",
  "4P": "layer l4 pyramidal excitatory neuron",
  L4IT: "layer l4 pyramidal excitatory neuron intratelencephalic",
  "5P-IT": "layer l5 it pyramidal excitatory neuron intratelencephalic",
  L5IT: "layer l5 it pyramidal excitatory neuron intratelencephalic",
  "5P-ET": "layer l5 et pt pyramidal excitatory neuron extratelencephalic pyramidal-tract",
  "5P-PT": "layer l5 et pt pyramidal excitatory neuron extratelencephalic pyramidal-tract",
  L5ET: "layer l5 et pt pyramidal excitatory neuron extratelencephalic pyramidal-tract",
  "5P-NP": "layer l5 np pyramidal excitatory neuron near-projecting",
  L5NP: "layer l5 np pyramidal excitatory neuron near-projecting",
  "6P-IT": "layer l6 it pyramidal excitatory neuron intratelencephalic",
  L6IT: "layer l6 it pyramidal excitatory neuron intratelencephalic",
  "6P-CT": "layer l6 ct pyramidal excitatory neuron corticothalamic",
  L6CT: "layer l6 ct pyramidal excitatory neuron corticothalamic",
  "6P-U": "layer l6 pyramidal excitatory neuron unsure",
  "WM-P": "layer wm white matter pyramidal excitatory neuron",
  "Unsure E": "excitatory neuron",
  BC: "basket cell pv parvalbumin inhibitory interneuron neuron",
  PV: "basket cell parvalbumin inhibitory interneuron neuron",
  ChC: "chandelier cell axo-axonic inhibitory interneuron neuron",
  AltBasket: "basket cell inhibitory interneuron neuron",
  MC: "martinotti cell somatostatin sst inhibitory interneuron neuron",
  NMC: "non-martinotti somatostatin sst inhibitory interneuron neuron",
  DTC: "distal targeting cell inhibitory interneuron neuron",
  AltDTC: "distal targeting cell inhibitory interneuron neuron",
  BPC: "bipolar cell vip inhibitory interneuron neuron",
  ITC: "inhibitory-targeting cell inhibitory interneuron neuron",
  ITCperi: "inhibitory-targeting cell perisomatic inhibitory interneuron neuron",
  NGC: "neurogliaform cell inhibitory interneuron neuron",
  L1: "layer l1 inhibitory interneuron neuron",
  PTC: "perisomatic targeting cell inhibitory interneuron neuron",
  STC: "sparsely targeting cell inhibitory interneuron neuron",
  L6SP: "layer l6 subplate pyramidal excitatory neuron",
  "Unsure I": "inhibitory neuron",
  astrocyte: "glia non-neuronal",
  oligo: "oligodendrocyte glia non-neuronal",
  OPC: "oligodendrocyte precursor cell glia non-neuronal",
  microglia: "glia non-neuronal",
  pericyte: "non-neuronal",
  E: "excitatory neuron",
  I: "inhibitory neuron",
  NONNEURON: "non-neuronal",
  V1: "primary visual cortex area",
  RL: "rostrolateral visual area",
  AL: "anterolateral visual area",
  LM: "lateromedial visual area",
} as const;

/** A name of every strategy of proofreading. */
export const PROOFREAD_NAME = "proofread";

/** When the search looks in the middle of ids, and how many typing slips it forgives. */
export const SEARCH_RULES = {
  middle_of_id: 4,
  one_slip: 4,
  two_slips: 8,
  most_meant: 1000,
  shortest_name: 3,
} as const;

/** The layer that a word of the search means. */
export const LAYER_WORDS = {
  l1: "1",
  "l2/3": "2/3",
  l2: "2/3",
  l3: "2/3",
  l4: "4",
  l5: "5",
  l6: "6",
  wm: "WM",
} as const;

/** Top and bottom of the layers, in um below the pia. */
export const LAYER_BORDERS_UM = [
  ["1", 0, 85],
  ["2/3", 85, 245],
  ["4", 245, 365],
  ["5", 365, 505],
  ["6", 505, 730],
  ["WM", 730, 900],
] as const;

/** Choices of the viewer's traits; the first is the default. */
export const VIEWER_CHOICES = {
  color_by: ["auto", "compartment", "cell", "depth", "grey"],
  synapses: ["both", "inputs", "outputs", "none"],
  synapse_color: ["direction", "type", "size"],
} as const;

/** Least and most of synapse_scale. */
export const SYNAPSE_SCALE = [0.5, 3] as const;

/** Least and most of synapse_opacity. */
export const SYNAPSE_OPACITY = [0.1, 1] as const;

/** Folders of public SWC files in search order, with what each adds to captions. */
export const SWC_FOLDERS = {
  proofread: "",
  dendrite: ", dendrites only (the axon was removed)",
} as const;

/** The viewer's views. */
export const CAMERA_VIEWS = ["perspective", "front", "side", "top"] as const;

/** The viewer's first camera. */
export const DEFAULT_CAMERA = {
  view: "perspective",
  center: null,
  height: null,
  yaw: -30,
  pitch: 15,
} as const;

/** Most cells in a viewer. */
export const MOST_VIEWER_CELLS = 100;

/** Numbers of the compartments. */
export const COMPARTMENTS = {
  soma: 1,
  axon: 2,
  dendrite: 3,
  "apical dendrite": 4,
} as const;

/** Smallest radius of a soma in pictures, also used where it is unknown (um). */
export const DEFAULT_SOMA_RADIUS = 5;

/** Name of the error of a cell without a skeleton. */
export const SKELETON_NOT_FOUND = "SkeletonNotFound";

/** Types whose colours tell cells apart, in the order of their use. */
export const CELL_CYCLE = [
  "23P",
  "5P-ET",
  "6P-IT",
  "WM-P",
  "BPC",
  "4P",
  "5P-PT",
  "6P-CT",
  "BC",
  "NGC",
  "5P-IT",
  "5P-NP",
  "6P-U",
  "MC",
] as const;

/** Values of matrix entries. */
export const MATRIX_VALUES = ["binary", "count", "sum", "mean", "max", "log10_sum"] as const;

/** Titles of the values of matrix entries. */
export const VALUE_TITLES = {
  binary: "connected (1) or not (0)",
  count: "number of synapses",
  sum: "summed synapse size (voxels)",
  mean: "mean synapse size (voxels)",
  max: "largest synapse size (voxels)",
  log10_sum: "log10 of summed synapse size (voxels)",
} as const;

/** Values of the view by type. */
export const TYPE_VALUES = ["probability", "mean_synapses", "mean_size", "ratio"] as const;

/** Kinds of random networks, and what they keep. */
export const NULL_KINDS = {
  density: "the number of connections",
  degrees: "each cell's numbers of partners",
  blocks: "the number of connections of each pair of types",
  distance: "the number of connections at each distance between somata",
  degrees_distance:
    "each cell's numbers of partners, and the number of connections at each distance",
} as const;

/** Random networks of a comparison. */
export const MOST_NETWORKS = 100;

/** Ratios to fewer expected pairs are noise, and are not shown. */
export const FEWEST_EXPECTED = 5;

/** What the explorer can show. */
export const SHOW_CHOICES = [
  "cells",
  "types",
  "connection_table",
  "cell_table",
  "type_table",
] as const;

/** What a pixel can show. */
export const PIXEL_CHOICES = ["largest", "count"] as const;

/** The explorer's colour scales. */
export const COLORMAPS = ["viridis", "cividis", "magma", "plasma", "greys"] as const;

/** Orders of an axis other than columns of the cell table. */
export const ORDERS = ["given", "own", "depth", "degree", "clustering"] as const;

/** Columns of the cell table by which cells are ordered and grouped. */
export const MATRIX_COLUMNS = [
  "cell_type_auto",
  "coarse_cell_type_auto",
  "cell_type_manual",
  "coarse_cell_type_manual",
  "region",
  "proofreading_strategy",
] as const;

/** Defaults of the explorer's traits, in the order of 'copy as Python'. */
export const EXPLORER_DEFAULTS = {
  value: "log10_sum",
  by: "cell_type_auto",
  order_pre: "given",
  order_post: "given",
  view: {},
  show: "cells",
  type_value: "probability",
  null: "degrees",
  pixel: "largest",
  colormap: "viridis",
  minimap: true,
  pair: null,
  selected_pre: [],
  selected_post: [],
} as const;

/** Defaults of the player's traits, in the order of 'copy as Python'. */
export const PLAYER_DEFAULTS = {
  gain: 1,
  inhibition: null,
  same: "gain",
  stimulus_types: [],
  stimulus_cells: [],
  strength: 10,
  stimulus_times: [1, 5],
  speed: 4,
  cell: null,
} as const;

/** Activity fades below this spectral radius or abscissa. */
export const FADES = 0.999999;

/** Least and most of the player's numbers. */
export const PLAYER_LIMITS = {
  gain: [0.001, 100],
  inhibition: [0, 10],
  strength: [0.001, 1_000_000],
  speed: [0.1, 100],
} as const;

/** Ratios of inhibition to excitation that the player offers, from 0. */
export const INHIBITION_SLIDER = {
  most: 2,
  step: 0.1,
} as const;

/** Widths of the explorer's columns in percent. */
export const EXPLORER_COLUMNS = [27, 40, 33] as const;

/** Narrowest column of the explorer in percent. */
export const NARROWEST_COLUMN = 15;

/** Hexadecimal digits of a CAVE token. */
export const TOKEN_DIGITS = 32;

/** States of the token panel. */
export const TOKEN_STATES = [
  "nothing_found",
  "badly_formed",
  "checking",
  "ready",
  "refused",
  "terms_not_accepted",
  "no_permission",
  "unreachable",
  "not_saved",
] as const;

/** Whether the token is saved; other: another token is saved in its place. */
export const TOKEN_SAVED = ["no", "yes", "other"] as const;

/** Class of a question where no widget runs. */
export const CHECK_TEXT = "mw-check-text";

/** Matches code, emphasis and links in a text. */
export const LIGHT_MARKDOWN =
  "`([^`]+)`|\\*\\*([^*\\s](?:[^*]*[^*\\s])?)\\*\\*|(?<![\\w*])\\*([^*\\s](?:[^*]*[^*\\s])?)\\*(?![\\w*])|\\[([^\\]]+)\\]\\((https:\\/\\/[^\\s)]+)\\)";

/** Where a browser keeps answers, before the chapter. */
export const CHECKS_KEPT = "microns-widgets/checks/";

/** Event when an answer is kept or forgotten. */
export const CHECKS_CHANGED = "microns-checks";
