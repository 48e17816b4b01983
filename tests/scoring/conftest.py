from hypothesis import settings

# A busy machine may take its time over one example; what is tested are the numbers.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
