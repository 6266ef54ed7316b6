// Applies the dark colours of the open page, in every engine.
(() => {
    for (const sheet of document.styleSheets) {
        for (const rule of sheet.cssRules) {
            if (rule.media?.mediaText.includes('prefers-color-scheme: dark')) rule.media.mediaText = 'all';
        }
        sheet.insertRule(':root { color-scheme: dark !important; }', sheet.cssRules.length);
    }
    return true;
})()
