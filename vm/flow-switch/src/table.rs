//! A table whose places are reused, each use with its own generation, so that a name of something that is
//! gone is recognised.

/// Items by slot and generation.
#[derive(Debug)]
pub(crate) struct Table<T> {
    places: Vec<(u32, Option<T>)>,
    free: Vec<u32>,
    used: usize,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { places: Vec::new(), free: Vec::new(), used: 0 }
    }
}

impl<T> Table<T> {
    /// How many items there are, those that are taken out for a while included.
    pub(crate) fn len(&self) -> usize {
        self.used
    }

    /// Puts an item in, which is made knowing its slot and generation.
    pub(crate) fn insert_with(&mut self, make: impl FnOnce(u32, u32) -> T) -> (u32, u32) {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.places.push((0, None));
            self.places.len() as u32 - 1
        });
        let place = &mut self.places[slot as usize];
        place.1 = Some(make(slot, place.0));
        self.used += 1;
        (slot, place.0)
    }

    pub(crate) fn get(&self, slot: u32, generation: u32) -> Option<&T> {
        let (own, item) = self.places.get(slot as usize)?;
        item.as_ref().filter(|_| *own == generation)
    }

    /// The generation of what is at a slot now.
    pub(crate) fn generation(&self, slot: u32) -> Option<u32> {
        self.places.get(slot as usize).map(|(generation, _)| *generation)
    }

    /// Takes an item out for a while; its place waits for it.
    pub(crate) fn take(&mut self, slot: u32, generation: u32) -> Option<T> {
        let (own, item) = self.places.get_mut(slot as usize)?;
        if *own == generation { item.take() } else { None }
    }

    /// Puts back what was taken.
    pub(crate) fn put(&mut self, slot: u32, item: T) {
        self.places[slot as usize].1 = Some(item);
    }

    /// Gives the place of an item, which is there or taken, to others.
    pub(crate) fn release(&mut self, slot: u32) {
        let place = &mut self.places[slot as usize];
        place.0 = place.0.wrapping_add(1);
        place.1 = None;
        self.free.push(slot);
        self.used -= 1;
    }

    /// The items that are in, with their slots and generations.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, u32, &T)> {
        let there = self.places.iter().enumerate();
        there.filter_map(|(slot, (generation, item))| Some((slot as u32, *generation, item.as_ref()?)))
    }

    /// Slots and generations of all items that are in.
    pub(crate) fn names(&self) -> Vec<(u32, u32)> {
        let there = self.places.iter().enumerate().filter(|(_, (_, item))| item.is_some());
        there.map(|(slot, (generation, _))| (slot as u32, *generation)).collect()
    }
}
