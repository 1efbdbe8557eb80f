// A large cellar, made of words and a seed: the same file for everybody, and nobody's data.
const PRODUCERS = ["Château", "Domaine", "Weingut", "Bodegas", "Tenuta", "Quinta do", "Azienda", "Clos", "Maison", "Cave"];
const FAMILIES = [
    "Bérénger", "Müller-Haas", "Castellaro", "Núñez", "Fontanel", "Grünwald", "d'Aubigny", "Ferreira", "Moretti", "Lindqvist",
    "Roussel", "Štefan", "Oliveira", "Kaltenberg", "Sauvageot", "Peñarroya", "Delacroix", "Brandt", "Vasseur", "Tóth",
];
const PLACES = [
    ["France", "Bordeaux", "Red", "Merlot"], ["France", "Bourgogne", "Red", "Pinot Noir"], ["France", "Alsace", "White", "Riesling"],
    ["France", "Rhône", "Red", "Syrah"], ["France", "Loire", "White", "Chenin Blanc"], ["Italy", "Piemonte", "Red", "Nebbiolo"],
    ["Italy", "Toscana", "Red", "Sangiovese"], ["Spain", "Rioja", "Red", "Tempranillo"], ["Germany", "Mosel", "White", "Riesling"],
    ["Austria", "Wachau", "White", "Grüner Veltliner"], ["Portugal", "Douro", "Red", "Touriga Nacional"],
    ["Hungary", "Tokaj", "White", "Furmint"], ["United States", "Napa Valley", "Red", "Cabernet Sauvignon"],
    ["Argentina", "Mendoza", "Red", "Malbec"], ["France", "Champagne", "White - Sparkling", "Chardonnay"],
];
const CUVEES = [
    "Vieilles Vignes", "Réserve", "Les Chênes", "Grande Année", "Alte Reben", "Gran Selección", "Riserva", "Clos du Midi",
    "La Colline", "Première Côte", "Steinterrassen", "Vigna Alta", "Cuvée Élise", "Les Perrières", "Sonnenhang", "Monte Alto",
];
export const BINS = { rows: 25, columns: 20, capacity: 100 };

/** Numbers from a seed (mulberry32), so that every run asks the same. */
export function dice(seed) {
    let a = seed >>> 0;
    const next = () => {
        a = (a + 0x6d2b79f5) >>> 0;
        let t = Math.imul(a ^ (a >>> 15), a | 1);
        t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
        return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
    const below = (n) => Math.floor(next() * n);
    return { below, pick: (list) => list[below(list.length)] };
}

/** Wines, each with a bin and so many bottles that 5,000 wines are 50,000 bottles. */
export function wines(count, seed = 7) {
    const { below, pick } = dice(seed);
    const bins = BINS.rows * BINS.columns;
    const two = (n) => String(n).padStart(2, "0");
    return Array.from({ length: count }, (_, i) => {
        const [country, region, type, grape] = pick(PLACES);
        const producer = `${pick(PRODUCERS)} ${pick(FAMILIES)}-${pick(FAMILIES)}`;
        const year = below(20) === 0 ? 1001 : 1985 + below(38);
        const from = year === 1001 ? "" : year + 2 + below(8);
        const bin = i % bins;
        return {
            id: 900000 + i, producer, name: `${pick(CUVEES)} ${region} ${i % 97 + 1}`, country, region, type, grape, year,
            quantity: 8 + ((i + Math.floor(i / bins)) % 5), size: below(25) === 0 ? "1500ml" : "750ml",
            price: (6 + below(12000) / 100).toFixed(2), from, to: from === "" ? "" : from + 4 + below(15),
            bin: `${two(Math.floor(bin / BINS.columns) + 1)}_${two((bin % BINS.columns) + 1)}`,
        };
    });
}

/** The wines as CellarTracker's List. */
export function list(all) {
    const head = [
        "iWine", "WineBarcode", "Quantity", "Pending", "Location", "Bin", "Size", "Price", "Currency", "Vintage", "Wine", "Country",
        "Region", "Producer", "Type", "MasterVarietal", "BeginConsume", "EndConsume",
    ];
    const cell = (value) => (/[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : value);
    const rows = all.map((w) => [
        w.id, `W${w.id}`, w.quantity, 0, "Cellar", w.bin, w.size, w.price, "EUR", w.year, w.name, w.country,
        w.region, w.producer, w.type, w.grape, w.from, w.to,
    ]);
    return [head, ...rows].map((row) => row.map(cell).join(",")).join("\n") + "\n";
}

/** What people type: whole names, words turned round, without accents, with a typing error, with a year, with facets. */
export function questions(all, count, seed = 11) {
    const { below, pick } = dice(seed);
    const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "");
    const typo = (word) => (word.length < 5 ? word : word.slice(0, 2) + word[3] + word[2] + word.slice(4));
    const sorts = ["relevance", "name", "vintage", "price", "rating", "drink_by", "newest", "count"];
    return Array.from({ length: count }, (_, i) => {
        const wine = pick(all);
        const family = wine.producer.split(" ").at(-1);
        const ask = {};
        switch (i % 8) {
            case 0: ask.q = wine.producer; break;
            case 1: ask.q = plain(`${wine.name} ${wine.producer}`).toLowerCase(); break;
            case 2: ask.q = `${wine.year} ${plain(family)}`; break;
            case 3: ask.q = typo(plain(family.split("-")[0])); break;
            case 4: ask.q = wine.name.slice(0, 3); break;
            case 5: ask.q = wine.grape; ask.country = wine.country; ask.sort = pick(sorts); break;
            case 6: ask.colour = "red"; ask.drink = "ready"; ask.sort = pick(sorts); ask.order = "desc"; break;
            default: ask.q = plain(wine.region); ask.vintage = String(1990 + below(30)); ask.limit = "200";
        }
        return new URLSearchParams(ask).toString();
    });
}
